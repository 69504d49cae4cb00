"""What the public articles say: the audited claims, in both languages, and what no page may say."""

import re
from collections.abc import Iterator

import pytest

from leeward import content
from leeward.content.article import Article, Block

LIBRARY = content.load()

# What a block that carries the number of an audited claim has to say, somewhere, in each language.
AUDITED: dict[int, tuple[tuple[str, ...], tuple[str, ...]]] = {
    1: (
        (r"lowers the risk. It does not take it away", r"dependence", r"Schedule III"),
        (r"baja el riesgo, pero no lo quita", r"dependencia", r"Lista III"),
    ),
    2: (
        (r"review of 60 studies", r"little about repeated use", r"bladder", r"liver", r"memory"),
        (
            r"revisión de 60 estudios",
            r"poco sobre el uso repetido",
            r"vejiga",
            r"hígado",
            r"memoria",
        ),
    ),
    3: (
        (r"off-label", r"spray is approved for adults"),
        (r"fuera de etiqueta", r"espray está aprobado para adultos"),
    ),
    4: (
        (r"only through|only at certified clinics", r"not the approved spray", r"warned"),
        (r"solo se usa en clínicas certificadas", r"No es el espray aprobado", r"advertido"),
    ),
    5: (
        (r"not been shown to prevent suicide", r"63 of 100", r"found no difference"),
        (
            r"No se ha demostrado que (el espray )?evite el suicidio",
            r"63 de cada 100",
            r"no halló diferencia",
        ),
    ),
    6: (
        (r"30 people", r"158 veterans", r"no clear gain for PTSD", r"can't promise"),
        (r"30 personas", r"158 veteranos", r"No hubo mejoría clara", r"no podemos prometerlo"),
    ),
    7: (
        (r"15 people", r"None of the 10 got better"),
        (r"15 personas", r"De las 10, ninguna mejoró"),
    ),
    8: ((r"it is an experiment",), (r"es un experimento",)),
    9: (
        (
            r"weak evidence or none",
            r"Outside CRPS, no study shows relief",
            r"By week 12 the gain was gone",
        ),
        (
            r"pocas pruebas o ninguna",
            r"Fuera del SDRC, ningún estudio",
            r"En la semana 12 la ventaja ya no estaba",
        ),
    ),
    10: (
        (r"no controlled study that shows this", r"cloud thinking"),
        (r"ningún estudio controlado que lo muestre", r"nublar la mente"),
    ),
    11: ((r"illness of the mind",), (r"problema de salud mental",)),
    12: (
        (r"NMDA receptor", r"That is an idea, not a proven fact"),
        (r"receptor NMDA", r"Es una idea, no un hecho probado"),
    ),
    13: (
        (
            r"does not rule you out by itself",
            r"advise against repeated drips",
            r"10 more days without drinking",
        ),
        (r"no le excluye por sí solo", r"aconsejan no repetir sueros", r"10 días más sin beber"),
    ),
    14: (
        (
            r"the drip ran for 40 minutes",
            r"two to four hours or more",
            r"one to two hours of rest",
        ),
        (r"el suero duró 40 minutos", r"dos a cuatro horas o más", r"una o dos horas de descanso"),
    ),
    15: ((r"at least two hours",), (r"al menos dos horas",)),
    16: (
        (
            r"until the next day, after a restful sleep",
            r"not before 24 hours",
            r"even if you feel fine",
        ),
        (
            r"hasta el día siguiente, después de dormir bien",
            r"no antes de que pasen 24 horas",
            r"aunque se sienta bien",
        ),
    ),
    17: (
        (r"8 to 19 of 100", r"61 to 84 of 100", r"this is not rare"),
        (r"8 a 19 de cada 100", r"entre 61 y 84 de cada 100", r"no es raro"),
    ),
    18: (
        (r"Most people have some", r"good tries of other medicines", r"is not by itself a reason"),
        (
            r"La mayoría tiene alguno",
            r"no les ayudaron bien otras medicinas",
            r"no es, por sí solo, una razón",
        ),
    ),
    19: (
        (r"within hours", r"days to two weeks"),
        (r"en horas o en un día", r"en días o en dos semanas"),
    ),
    20: (
        (
            r"aneurysm",
            r"AVM",
            r"bleed in the brain",
            r"schizophrenia",
            r"pregnancy",
            r"very sick liver",
            r"inside the skull",
            r"bad reaction to ketamine",
            r"blood pressure that is not under control",
        ),
        (
            r"aneurisma",
            r"malformación",
            r"hemorragia cerebral",
            r"esquizofrenia",
            r"embarazo",
            r"hígado muy enfermo",
            r"dentro del cráneo",
            r"mala reacción a la ketamina",
            r"presión alta sin control",
        ),
    ),
    21: (
        (r"Since January 2025", r"your antidepressant and your therapy"),
        (r"Desde enero de 2025", r"su antidepresivo y su terapia"),
    ),
    22: (
        (
            r"no food for at least two hours",
            r"clear drinks until two hours before",
            r"clinics differ",
        ),
        (
            r"nada de comer al menos dos horas antes",
            r"líquidos claros hasta dos horas antes",
            r"cada clínica es distinta",
        ),
    ),
    23: ((r"could not do more than before",), (r"no pudieron hacer más cosas que antes",)),
    24: (
        (r"shot in the muscle", r"off-label", r"small and few"),
        (r"inyección en el músculo", r"fuera de etiqueta", r"pocos estudios y pequeños"),
    ),
    25: (
        (
            r"None had a group for comparison",
            r"found no study with a comparison",
            r"not established",
        ),
        (
            r"Ninguno tenía grupo de comparación",
            r"no hallamos ningún estudio con comparación",
            r"no establecido",
        ),
    ),
}

NEVER = {
    "en": (
        r"\byou qualify\b",
        r"\byou are (not )?(a candidate|eligible)\b",
        r"\bsafe and effective\b",
        r"\bgame.?changer\b",
        r"\bbreakthrough\b",
        r"\bno side effects\b",
    ),
    "es": (
        r"\busted (no )?califica\b",
        r"\busted (no )?es (apto|apta|candidato|candidata)\b",
        r"\bsegur[oa] y efica[zc]\b",
        r"\brevolucionari[oa]\b",
        r"\bsin efectos secundarios\b",
    ),
}
A_DOSE = re.compile(r"\d\s*(mg|mcg|µg|ug|ml|mL|miligramos|milligrams|cc)\b|mg/kg")

ARTICLE_OF = {
    "treatment_resistant_depression": "depression",
    "depression_with_suicidality": "suicidal-thoughts",
    "bipolar_depression": "bipolar-depression",
    "ptsd": "ptsd",
    "anxiety": "anxiety",
    "ocd": "ocd",
    "eating_disorder": "eating-disorders",
    "alcohol_use_disorder": "substance-use",
    "substance_use_disorder": "substance-use",
    "crps": "crps",
    "spinal_cord_injury_pain": "nerve-pain",
    "neuropathic_pain": "nerve-pain",
    "phantom_limb_pain": "nerve-pain",
    "fibromyalgia": "fibromyalgia",
    "migraine": "headaches",
    "low_back_pain": "pain",
    "chronic_pain": "pain",
    "cluster_headache": "headaches",
    "multiple_sclerosis_pain": "ms-pain",
}
FEW_STUDIES = {"some", "little"}


def blocks_of(article: Article) -> Iterator[Block]:
    for section in article.sections:
        yield from section.blocks


def words_of(article: Article) -> str:
    parts = [article.title, article.summary, *article.in_short]
    for section in article.sections:
        parts.append(section.heading)
        for block in section.blocks:
            parts.extend(block.sentences())
            if block.table:
                parts += [block.table.caption, *map(str, block.table.columns)]
                parts += [str(cell) for row in block.table.rows for cell in row]
    return "\n".join(parts)


def audited_words(number: int, language: str) -> str:
    return "\n".join(
        sentence
        for article in LIBRARY.articles.values()
        if article.language == language
        for block in blocks_of(article)
        if number in block.audits
        for sentence in block.sentences()
    )


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("number", range(1, 26))
def test_an_audited_claim_is_told_as_the_evidence_has_it(number: int, language: str) -> None:
    said = audited_words(number, language)
    for pattern in AUDITED[number][("en", "es").index(language)]:
        assert re.search(pattern, said, re.IGNORECASE), f"claim {number}, {language}: {pattern}"


@pytest.mark.parametrize("id", sorted(LIBRARY.articles))
def test_no_page_promises_qualifies_or_doses(id: str) -> None:
    article = LIBRARY.articles[id]
    said = words_of(article)
    assert A_DOSE.search(said) is None
    for pattern in NEVER[article.language]:
        assert re.search(pattern, said, re.IGNORECASE) is None, pattern


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_reason_for_treatment_has_its_article(language: str) -> None:
    assert set(ARTICLE_OF) == set(LIBRARY.indications)
    for slug in ARTICLE_OF.values():
        assert f"{slug}.{language}" in LIBRARY.articles


@pytest.mark.parametrize(
    "indication", sorted(set(ARTICLE_OF) - {"treatment_resistant_depression"})
)
def test_an_article_claims_no_more_than_the_evidence_level(indication: str) -> None:
    """Only resistant depression is well studied: elsewhere what a trial found is marked so."""
    trials = {item.source.source for item in LIBRARY.indications[indication].evidence}
    trials -= {"spr", "common_practice"}
    for language in ("en", "es"):
        for block in blocks_of(LIBRARY.articles[f"{ARTICLE_OF[indication]}.{language}"]):
            if trials & {cited.source for cited in block.sources} and block.evidence != "practice":
                assert block.evidence in FEW_STUDIES, block.sentences()


@pytest.mark.parametrize("id", sorted(LIBRARY.articles))
def test_a_page_with_an_emergency_names_the_number_first(id: str) -> None:
    """Where something can be an emergency, the red section opens the page and names a number."""
    article = LIBRARY.articles[id]
    urgent = [place for place, section in enumerate(article.sections) if section.urgent]
    if urgent:
        assert urgent[0] == 0
        first = article.sections[0].blocks[0].sentences()[0]
        assert "{emergency}" in first or "{crisis}" in first
