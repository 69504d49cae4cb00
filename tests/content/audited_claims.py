# ruff: noqa: E501
"""Twenty-five claims that advertising for ketamine makes, and what the pages must say instead.

For each: patterns of which every one must be met somewhere in the blocks that name the claim, in
English and in Spanish. And wordings that must stand in no claim of any article.
"""

ESSENCE: dict[int, tuple[tuple[str, ...], tuple[str, ...]]] = {
    1: ((r"Schedule III|controlled drug", r"depend"), (r"control", r"depend")),
    2: ((r"60 studies", r"bladder", r"liver"), (r"60 estudios", r"vejiga", r"hígado")),
    3: ((r"off-label", r"[Ee]sketamine.*approved"), (r"fuera|off-label", r"[Ee]sketamina.*aproba")),
    4: ((r"warned", r"certified"), (r"no es el espray aprobado|No es el espray aprobado", r"certificad")),
    5: ((r"not been shown to prevent suicide", r"\{emergency\}"),
        (r"no se ha (demostrado|probado|visto)[^.]*(prev|evit)|evit[^.]*suicidio", r"\{emergency\}")),
    6: ((r"30 people", r"158 veterans", r"no clear gain"), (r"30 personas", r"158", r"[Nn]o hubo mejoría clara")),
    7: ((r"15 people", r"10 people|None of the 10"), (r"15 personas", r"10 personas|ninguna de las 10")),
    8: ((r"[Nn]obody has compared", r"experiment"), (r"[Nn]adie", r"experimento")),
    9: ((r"weak evidence or none", r"week 12"), (r"débil|floj|poca", r"semana 12")),
    10: ((r"no controlled study",), (r"ningún estudio",)),
    11: ((r"PTSD is an illness of the mind",), (r"mente|mental",)),
    12: ((r"NMDA", r"not a proven fact"), (r"NMDA", r"inflama")),
    13: ((r"does not rule you out", r"96 people"), (r"no (le |lo )?(descarta|cierra|excluye)", r"96 personas")),
    14: ((r"40 minutes", r"two to four hours or more", r"rest"),
         (r"40 minutos", r"(dos|2) a (cuatro|4) horas", r"descans")),
    15: ((r"at least two hours",), (r"(al menos|mínimo|por lo menos) (dos|2) horas|(dos|2) horas",)),
    16: ((r"next day", r"24 hours"), (r"día siguiente|mañana", r"24 horas")),
    17: ((r"8 to 19 of 100", r"not rare|common"), (r"8 (a|y|hasta) 19 de cada 100|8 a 19", r"frecuente|común|rar")),
    18: ((r"Most people have some", r"good tries of other medicines"), (r"mayoría|casi todos|casi toda", r"otr[ao]s medicinas|otros medicamentos|otras")),
    19: ((r"within hours", r"two weeks|57 days"), (r"horas", r"dos semanas|57 días")),
    20: ((r"aneurysm", r"bleed in the brain", r"schizophrenia", r"pregnan", r"liver", r"inside the skull"),
         (r"aneurisma", r"cerebro", r"esquizofrenia", r"embaraz", r"hígado", r"cráneo|cabeza")),
    21: ((r"January 2025", r"antidepressant"), (r"enero de 2025", r"antidepresiv")),
    22: ((r"two hours before", r"calming"), (r"(dos|2) horas antes", r"calma|benzodia|alprazolam")),
    23: ((r"could not do more",), (r"no (pod|pud)[^.]*más|no hac[^.]*más",)),
    24: ((r"off-label", r"muscle"), (r"fuera|off-label", r"músculo|muscular")),
    25: ((r"68 people", r"not established"), (r"68 personas", r"no (está )?(establecid|demostrad|probad)")),
}  # fmt: skip

# Wordings of the audited advertising, and of what it amounts to; they stand in no claim.
WRONG = {
    "en": (
        r"(?<!risk-free or )\bnot (considered )?addictive\b", r"without the risk of addiction", r"no risk of addiction",
        r"generally safe", r"well[- ]tolerated", r"\bis safe\b", r"low risk of long-term",
        r"saves? lives|saving lives", r"(?<!not been shown to )prevents? suicide",
        r"shown to be effective (for|in) (ptsd|ocd)", r"studies have shown",
        r"reduces inflammation", r"targets? pain receptors", r"(?<!\")rewires? (the|your) brain",
        r"long-lasting (relief|positive effects)", r"life-?changing", r"breakthrough", r"(?<!not a )miracle",
        r"(side effects|hallucinations) are rare", r"immediate (pain )?relief", r"active and fulfilling",
        r"immediately after the session", r"you qualify", r"FDA-approved for (pain|ptsd|anxiety|ocd)",
        r"improves? (sleep|energy|cognition)", r"holistic", r"innovative",
    ),
    "es": (
        r"(?<!riesgos o que )\bno (es|crea|causa) (adictiv|adicción)", r"sin riesgo de adicción", r"generalmente segur",
        r"(?<!ni si )(?<!¿)\bes segur[ao]\b", r"bien tolerad", r"salva vidas", r"(?<!no )(?<!no se ha demostrado que )previene el suicidio",
        r"reduce la inflamación", r"receptores del dolor", r"reconecta|recablea el cerebro",
        r"(?<!no )(da|ofrece|produce|logra) (un )?alivio (inmediato|duradero|rápido)", r"(?<!no es un )milagro", r"revolucionari", r"innovador",
        r"efectos secundarios son raros", r"alucinaciones son raras", r"usted califica",
        r"mejora (el sueño|la energía|la cognición)",
    ),
}  # fmt: skip
