"""What an infusion rests on, looked at again at its start: order, decision, consent."""

from leeward.core.quantities import Refusal
from leeward.records.consents.selectors import find_consent_in_force
from leeward.records.orders.models import MedicationRequest
from leeward.records.treatments.models import TreatmentSession
from leeward.usecases.order_treatment import plan_of, standing_acceptance


def refuse_start(session: TreatmentSession) -> Refusal | None:
    """Why an infusion must not start although the session's own list is complete.

    A session keeps the plan it was opened with; what was decided since is not in its log.
    """
    order = MedicationRequest.objects.select_related("patient").get(id=session.order_id)
    if order.status != MedicationRequest.ACTIVE:
        return Refusal(
            "start.order_changed",
            "The order was changed after this visit was opened. End this visit without an "
            "infusion and book it again, so that it takes the order in force.",
        )
    plan = plan_of(order)
    decision = standing_acceptance(order.patient, plan)
    if isinstance(decision, Refusal):
        return decision
    if find_consent_in_force(order.patient_id, plan.drug, plan.route) is None:
        return Refusal(
            "start.no_consent", "The consent is no longer in force. Have it signed first."
        )
    return None
