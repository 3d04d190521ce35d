"""From records to a result: measurements, judgements and facts, both engines, and calibration before a result is signed."""
