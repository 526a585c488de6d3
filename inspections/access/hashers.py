"""How passwords are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PasswordHasher(Argon2PasswordHasher):
    """Argon2id with the least that OWASP advises: 19 MiB, two passes, one lane.

    Django's own 100 MiB and eight lanes are for a machine that hashes one password at a time;
    here each of many threads may hash one, and whoever sends wrong ones could take all memory.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
