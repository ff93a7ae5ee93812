-- What a node knows of the source $1 of updates, laid over what is known.
-- problem_at is since when, and so kept while the problem lasts.
INSERT INTO reminders.source AS s (name, checked_at, problem, problem_at, pending, accepted_at, refused_at, refusal, refused)
VALUES ($1, CASE WHEN $2 THEN clock_timestamp() END, CASE WHEN $2 THEN $3 END, CASE WHEN $2 AND $3 IS NOT NULL THEN clock_timestamp() END,
        CASE WHEN $2 THEN $4 ELSE 0 END, clock_timestamp() - $5::interval, clock_timestamp() - $6::interval, $7, $8)
ON CONFLICT (name) DO UPDATE SET
    checked_at = coalesce(excluded.checked_at, s.checked_at),
    problem = CASE WHEN $2 THEN excluded.problem ELSE s.problem END,
    problem_at = CASE WHEN NOT $2 THEN s.problem_at WHEN $3 IS NULL THEN NULL ELSE coalesce(s.problem_at, excluded.problem_at) END,
    pending = CASE WHEN $2 THEN excluded.pending ELSE s.pending END,
    accepted_at = greatest(s.accepted_at, excluded.accepted_at),
    refused_at = greatest(s.refused_at, excluded.refused_at),
    refusal = CASE WHEN excluded.refused > 0 THEN excluded.refusal ELSE s.refusal END,
    refused = s.refused + excluded.refused
