from partners.queries.reference import ReferenceTable, reference_tables

__all__ = ["ReferenceTable", "reference_tables"]
