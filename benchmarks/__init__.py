"""Measurements that anyone can run; not part of the installed package."""
