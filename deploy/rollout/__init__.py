"""Deploys one droplet: verify, rehearse, snapshot, migrate, start beside the old, switch, watch; and the way back from every point.

Standard library only: it runs on the host with the distribution's python3. `changeover` decides the order and the way back and
knows no Docker; `droplet` says what it needs from the host; `docker_droplet` does it.
"""
