"""Whether this process can serve, for a proxy or a monitor."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe


@require_safe
@login_not_required  # a proxy or a monitor asks; it tells nothing but that
def ready(request: HttpRequest) -> JsonResponse:
    """200 while the database answers; an error of the service, 500 or 503, while it doesn't."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ready": True}, headers={"Cache-Control": "no-store"})
