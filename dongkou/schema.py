"""The interface described: OpenAPI 3, as JSON, or as YAML when asked for."""

from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny

from households.audience import Audience


class _Schema(SpectacularAPIView):
    """Nothing in it is secret: who writes a client reads it before they have an account."""

    permission_classes = [AllowAny]
    authentication_classes = []
    renderer_classes = [OpenApiJsonRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer, OpenApiYamlRenderer2]


schema = _Schema.as_view()
schema.audience = Audience(public=True)  # type: ignore[attr-defined]
