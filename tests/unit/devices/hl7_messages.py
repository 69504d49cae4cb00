"""Messages of an invented monitor and pump, as PCD-01 has them."""

MMHG, BPM, PERCENT = "266016^MDC_DIM_MMHG^MDC", "264864^MDC_DIM_BEAT_PER_MIN^MDC", \
    "262688^MDC_DIM_PERCENT^MDC"  # fmt: skip
ML_PER_H, ML = "265266^MDC_DIM_MILLI_L_PER_HR^MDC", "263762^MDC_DIM_MILLI_L^MDC"
HR, PR, SPO2 = "147842^MDC_ECG_HEART_RATE^MDC", "149530^MDC_PULS_OXIM_PULS_RATE^MDC", \
    "150456^MDC_PULS_OXIM_SAT_O2^MDC"  # fmt: skip
SYS, DIA = "150021^MDC_PRESS_BLD_NONINV_SYS^MDC", "150022^MDC_PRESS_BLD_NONINV_DIA^MDC"
RATE, VOLUME = "157784^MDC_FLOW_FLUID_PUMP^MDC", "157864^MDC_VOL_FLUID_DELIV^MDC"
STATE, TBI = "184508^MDC_PUMP_STAT^MDC", "157884^MDC_VOL_FLUID_TBI^MDC"


def obx(code, value, unit="", *, kind="NM", status="R", flags="", path="1.1.1.1", method=""):
    return (f"OBX|1|{kind}|{code}|{path}|{value}|{unit}||{flags}|||{status}|||20260314101500+0000"
            f"|||{method}|SN123^^0012210000000001^EUI-64")  # fmt: skip


def message(*lines, control_id="M1", kind="ORU^R01^ORU_R01", processing="P", wanted="NE|AL",
            sender="AcmeMonitor^ACDE48234567ABCD^EUI-64", time="20260314101501+0000"):  # fmt: skip
    head = (f"MSH|^~\\&|{sender}||Leeward||{time}||{kind}|{control_id}|{processing}|2.6|||{wanted}"
            "||UNICODE UTF-8")  # fmt: skip
    request = "OBR|1|||69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC|||20260314101500+0000"
    return ("\r".join([head, request, *lines]) + "\r").encode()


def vitals(hr="72", spo2="97", **header):
    return message(obx(HR, hr, BPM), obx(SPO2, spo2, PERCENT), **header)
