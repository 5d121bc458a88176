from .framework import CompetencyFramework, Group, ProvidedBy

__all__ = ["CompetencyFramework", "Group", "ProvidedBy"]
