-- How long a channel that rests waits for its next probe: doubled with each of w.probes in vain, from w.first up to w.cap.
least(w.first * power(2, least(w.probes, 20)), w.cap)
