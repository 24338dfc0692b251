from partners.queries.people import people_of
from partners.queries.reference import ReferenceTable, reference_tables

__all__ = ["ReferenceTable", "people_of", "reference_tables"]
