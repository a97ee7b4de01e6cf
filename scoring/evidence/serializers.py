"""Shapes of an event's photos over HTTP."""

from rest_framework import serializers

from households.api import OnceSerializer, Shape


class PhotoSerializer(Shape):
    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    by = serializers.CharField(help_text="Who added it.")
    withdrawn_at = serializers.DateTimeField(allow_null=True, help_text="From then on shown to nobody.")
    withdraw_reason = serializers.CharField(allow_blank=True)


class PhotosSerializer(Shape):
    standing = serializers.IntegerField(help_text="How many photos stand, also for who may not look at them.")
    photos = PhotoSerializer(many=True, help_text="Empty for who may not look.")


class PhotoAddSerializer(OnceSerializer):
    """A form with a file (multipart/form-data)."""

    photo = serializers.FileField(help_text="JPEG, PNG or WebP of 10 MB at most; place and time are taken out.")


class PhotoWithdrawSerializer(OnceSerializer):
    reason = serializers.CharField(max_length=200)


class PhotoAnswerSerializer(Shape):
    id = serializers.IntegerField()
    standing = serializers.IntegerField(help_text="How many photos of the event stand now.")
