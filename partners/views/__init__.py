from partners.views.history import History

__all__ = ["History"]
