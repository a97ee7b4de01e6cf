"""Shapes of signing in and of who the caller is."""

from rest_framework import serializers

from households.api import Shape
from households.roles import ROLE_CHOICES


class LoginSerializer(Shape):
    username = serializers.CharField(max_length=50)
    password = serializers.CharField(max_length=200, trim_whitespace=False)
    otp = serializers.CharField(
        max_length=40,
        required=False,
        allow_blank=True,
        help_text="Six digits of the account's telephone, or a recovery code; of accounts with a second factor alone.",
    )


class TokenSerializer(Shape):
    token = serializers.CharField()
    expiry = serializers.DateTimeField()


class DivisionSerializer(Shape):
    code = serializers.CharField()
    name = serializers.CharField()


class MeSerializer(Shape):
    username = serializers.CharField()
    display_name = serializers.CharField()
    role = serializers.ChoiceField(ROLE_CHOICES)
    role_name = serializers.CharField()
    place = DivisionSerializer(help_text="The division or department the account belongs to.")
    scope = serializers.ListField(
        child=serializers.CharField(),
        help_text="Codes of the subtrees that the account sees; a code covers its prefix.",
    )
    permissions = serializers.ListField(child=serializers.CharField())
