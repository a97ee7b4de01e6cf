"""``{{ entry|effect }}``: what a movement of points did, in words."""

from django import template

from scoring.points.reads import effect as effect_of

register = template.Library()
register.filter("effect", effect_of)
