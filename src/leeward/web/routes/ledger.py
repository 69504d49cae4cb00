"""Controlled drugs."""

from django.urls import path

from leeward.web.views import ledger, ledger_count, ledger_open, ledger_stock

_AT = "ledger/<uuid:location_id>/"

urlpatterns = [
    path("ledger/", ledger.first, name="ledger-all"),
    path(_AT, ledger.show, name="ledger"),
    path(f"{_AT}open/", ledger_open.show, name="ledger-open"),
    path(f"{_AT}open/<uuid:session_id>/", ledger_open.act, name="ledger-open-act"),
    path(f"{_AT}dispensed/", ledger.dispensed, name="ledger-dispensed"),
    path(f"{_AT}inventory/<uuid:entry_id>/", ledger.inventory, name="ledger-inventory"),
    path(f"{_AT}inventory/", ledger_count.inventory, name="ledger-take-inventory"),
    path(f"{_AT}stock/", ledger_stock.show, name="ledger-stock"),
    path(f"{_AT}stock/register/", ledger_stock.register, name="ledger-register"),
    path(f"{_AT}stock/store/", ledger_stock.add_store, name="ledger-add-store"),
    path(f"{_AT}stock/product/", ledger_stock.add_product, name="ledger-add-product"),
    path(f"{_AT}stock/receive/", ledger_stock.receive, name="ledger-receive"),
    path(f"{_AT}stock/vial/<uuid:vial_id>/", ledger_stock.vial, name="ledger-vial"),
    path(f"{_AT}count/<uuid:store_id>/", ledger_count.count, name="ledger-count"),
    path(f"{_AT}case/<uuid:case_id>/", ledger_count.case, name="ledger-case"),
    path(f"{_AT}case/<uuid:case_id>/settle/", ledger_count.settle, name="ledger-settle"),
    path(f"{_AT}correct/<uuid:entry_id>/", ledger_count.correct, name="ledger-correct"),
]
