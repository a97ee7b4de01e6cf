"""Spans for a collector that speaks OpenTelemetry, where the operator names one. Nothing of it is loaded otherwise."""
