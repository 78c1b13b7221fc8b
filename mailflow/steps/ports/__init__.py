"""What the steps need from outside, as Protocols, one file per area. Adapters implement them; bootstrap joins them.

A step gets a :class:`~mailflow.steps.ports.work.Database` and opens one transaction at a time; inside, each area of the
store is an attribute of the :class:`~mailflow.steps.ports.work.Work`.
"""
