from . import _tamarisk
