"""INVENTED constants: how vital signs of the simulated patient answer. SIMULATION ONLY.

No study stands behind any of these. They give plausible shapes to practise on and to test with,
and must never be read by anything that advises (a test holds that).
"""

from dataclasses import dataclass

SIMULATION_ONLY = True


@dataclass(frozen=True, slots=True)
class Response:
    """Of one vital sign: rest, what a full drug effect and full arousal add, how fast, the noise.

    `drug` and `arousal` are in the sign's own unit per full effect (1), `settles_s` in seconds.
    """

    rest: float
    drug: float
    arousal: float
    settles_s: float
    noise: float


HR_PER_MIN = Response(rest=70, drug=14, arousal=38, settles_s=25, noise=0.7)
SPO2_PCT = Response(rest=98, drug=-1.2, arousal=0.3, settles_s=20, noise=0.25)
RR_PER_MIN = Response(rest=14, drug=-1.5, arousal=11, settles_s=15, noise=0.35)
ETCO2_MMHG = Response(rest=38, drug=2.5, arousal=-9, settles_s=30, noise=0.4)
SBP_MMHG = Response(rest=122, drug=24, arousal=34, settles_s=45, noise=1.5)
DBP_MMHG = Response(rest=76, drug=15, arousal=20, settles_s=45, noise=1.2)

# The level at which the invented effect is half of its full size [ng/mL], and how steep it is.
HALF_EFFECT_NG_PER_ML = 150.0
STEEPNESS = 2.0
# An inflating cuff wakes a little, for as long as it takes [s].
CUFF_EVERY_S = 300
CUFF_TAKES_S = 35
CUFF_AROUSAL = 0.12
# A moving finger makes the oximeter doubt, and now and then read nonsense.
ARTEFACT_SHARE = 0.15
ARTEFACT_SPO2_PCT = 9.0
