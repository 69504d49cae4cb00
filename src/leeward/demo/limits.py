"""Limits invented for the demo, approved by its invented director so that sessions can open.

They are nobody's advice. A real clinic's medical director sets and approves its own.
"""

STATEMENT = "Invented for the demo. These limits are nobody's advice; a clinic sets its own."

INVENTED = {
    "alarm.acknowledge_lasts_s": "300", "alarm.audio_pause_max_s": "120",
    "alarm.dbp_high.act": "120", "alarm.dbp_high.warn": "100", "alarm.dbp_rise": "25",
    "alarm.escalate_backup_s": "60", "alarm.escalate_screens_s": "15",
    "alarm.hr_high.act": "140", "alarm.hr_high.act_delay_s": "10", "alarm.hr_high.clear": "115",
    "alarm.hr_high.clear_delay_s": "15", "alarm.hr_high.warn": "120",
    "alarm.hr_high.warn_delay_s": "15", "alarm.hr_low.act": "40", "alarm.hr_low.act_delay_s": "5",
    "alarm.hr_low.clear": "55", "alarm.hr_low.clear_delay_s": "15", "alarm.hr_low.warn": "50",
    "alarm.hr_low.warn_delay_s": "15", "alarm.moaas_low.act": "2", "alarm.moaas_low.warn": "3",
    "alarm.no_value_s": "20", "alarm.rr_low.act": "8", "alarm.rr_low.act_delay_s": "15",
    "alarm.rr_low.clear": "12", "alarm.rr_low.clear_delay_s": "30", "alarm.rr_low.warn": "10",
    "alarm.rr_low.warn_delay_s": "30", "alarm.sbp_high.act": "180", "alarm.sbp_high.warn": "160",
    "alarm.sbp_low.act": "80", "alarm.sbp_low.warn": "90", "alarm.sbp_rise": "40",
    "alarm.spo2_low.act": "88", "alarm.spo2_low.act_delay_s": "5", "alarm.spo2_low.at_once": "80",
    "alarm.spo2_low.clear": "94", "alarm.spo2_low.clear_delay_s": "10",
    "alarm.spo2_low.warn": "92", "alarm.spo2_low.warn_delay_s": "15", "alarm.stale_act_s": "30",
    "alarm.stale_warn_s": "10", "baseline.max_age_min": "60", "bp.interval_min": "10",
    "bp.interval_recovery_min": "15", "bp.overdue_act_min": "5", "bp.overdue_warn_min": "2",
    "bp.pre_advise_dbp": "90", "bp.pre_advise_sbp": "140", "bp.pre_hold_dbp": "100",
    "bp.pre_hold_sbp": "160", "bp.pre_hold_sbp_low": "90",
    "candidacy.bp_reading_max_age_d": "90", "candidacy.interval_after_infarction_d": "180",
    "candidacy.pregnancy_test_max_age_d": "7", "dose.max_mg_per_h": "150",
    "dose.max_mg_per_kg": "1", "dose.max_mg_per_session": "100", "fasting.clear_liquid_h": "2",
    "fasting.fatty_meal_h": "8", "fasting.light_meal_h": "6", "hr.pre_hold_high": "120",
    "hr.pre_hold_low": "50", "observation.interval_min": "10",
    "observation.interval_recovery_min": "15", "observation.overdue_act_min": "5",
    "observation.overdue_warn_min": "2", "pause.max_min": "15", "recovery.max_item_age_min": "15",
    "recovery.min_observation_min": "60", "rr.pre_hold_high": "30", "rr.pre_hold_low": "10",
    "spo2.pre_hold_low": "94", "weight.change_asks_pct": "10", "weight.max_age_d": "30",
    "alarm.adapter_dead_s": "3", "alarm.hr_jump": "60", "alarm.jump_clear_s": "10",
    "alarm.jump_within_s": "2", "alarm.rates_disagree": "20", "alarm.rates_disagree_delay_s": "30",
    "alarm.sensor_off_s": "15", "alarm.spo2_jump": "20", "infusion.past_end_act_min": "5",
    "infusion.past_end_warn_min": "1", "pump.over_rate_delay_s": "10",
    "pump.over_rate_gross_pct": "100", "pump.over_rate_pct": "10", "pump.stop_delay_s": "15",
    "pump.under_rate_delay_s": "30", "pump.under_rate_pct": "10", "pump.unstated_delay_s": "10",
    "pump.volume_over_ml": "0.2",
}  # fmt: skip
