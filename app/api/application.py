"""Puts the API together: its paths, its key, its problems."""

from typing import TYPE_CHECKING

from aiohttp import web

from app.api.authentication import asks_for
from app.api.broadcasts import BroadcastsView, BroadcastView
from app.api.events import EventsView
from app.api.history import HistoryView
from app.api.messages import MessagesView
from app.api.openapi import OPENAPI, OpenApi
from app.api.people import PeopleView, PersonView
from app.api.problems import tell_problems
from app.api.reports import DeliveriesView, ReportView
from app.api.segments import SegmentCountView
from app.api.steering import CancelView, PauseView, ResumeView, StartView
from app.api.view import HOUSE, View, bound_bodies

if TYPE_CHECKING:
    from app.wiring import House

_PERSON = "/people/{person_id:[0-9]{1,18}}"
_BROADCAST = "/broadcasts/{broadcast_id:[0-9]{1,18}}"
"""Numbers that the database can hold; anything else names nothing."""

_VIEWS: dict[str, type[View]] = {
    "/people": PeopleView,
    _PERSON: PersonView,
    f"{_PERSON}/messages": HistoryView,
    "/segments/count": SegmentCountView,
    "/broadcasts": BroadcastsView,
    _BROADCAST: BroadcastView,
    f"{_BROADCAST}/start": StartView,
    f"{_BROADCAST}/pause": PauseView,
    f"{_BROADCAST}/resume": ResumeView,
    f"{_BROADCAST}/cancel": CancelView,
    f"{_BROADCAST}/report": ReportView,
    f"{_BROADCAST}/deliveries": DeliveriesView,
    "/messages": MessagesView,
    "/events": EventsView,
}


def api(house: "House") -> web.Application:
    """The application to be mounted at /api/v1; only who has the house's API_KEY may use it."""
    key = house.settings.api_key.get_secret_value()
    app = web.Application(middlewares=[asks_for(key), tell_problems, bound_bodies])
    app[HOUSE] = house
    app.add_routes([web.view(path, view) for path, view in _VIEWS.items()])
    app.router.add_get("/openapi.json", OpenApi(app).get, name=OPENAPI)
    return app
