"""A made-up region to try the portal on: see docs/demo.md.

Councils, the police and hospitals carry their public names; every charity, faith body, school, group and person is
invented. Nothing here is typed that the portal should work out: the public figures come out of the returns.
"""
