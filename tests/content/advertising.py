# ruff: noqa: E501
"""What advertising for ketamine says, in the words it uses; no claim of the library may."""

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
