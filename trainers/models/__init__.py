from .pool import Delivery, PoolMember, TrainerAgreement

__all__ = ["Delivery", "PoolMember", "TrainerAgreement"]
