"""Pages that read elsewhere than they write (ADR 91): what the rooms know of it; the rest is in `dongkou.replicas`."""
