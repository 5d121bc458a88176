"""The first page: to the programme, or to the choice of partnership where the host name leads to several."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from core.access import public
from core.models import HostName


@public
def home(request: HttpRequest) -> HttpResponse:
    """The programme of the partnership asked for; without one, the partnerships this installation serves."""
    if request.partnership is not None:
        return redirect("bookings:catalogue")
    hosts = HostName.objects.select_related("partnership")
    addresses = {host.partnership: host.partnership.link_to("/", host=host.host) for host in reversed(hosts)}
    return render(request, "core/home.html", {"addresses": addresses})
