"""``{{ name|masked_name }}`` and ``{{ phone|masked_phone }}``: what a stranger may see."""

from django import template

from households.masks import mask_name, mask_phone

register = template.Library()
register.filter("masked_name", mask_name)
register.filter("masked_phone", mask_phone)
