-- How late a message e was: bucket b holds what took at most 10 ms times the square root of 2, b times over, so that a percentile is told
-- to within a fifth of a power of two. From when it was due, or planned if that was later; what was asked for again, from then. What
-- was in doubt counts from when it began to be sent: nobody measured when it arrived.
CASE WHEN e.state = 'sent' THEN least(48, greatest(1, ceil(2 * ln(greatest(
    extract(epoch FROM CASE WHEN e.doubted_at IS NULL THEN e.settled_at ELSE coalesce(e.send_started_at, e.settled_at) END
            - CASE WHEN e.number > 0 OR e.on_request THEN e.created_at ELSE greatest(o.due_at, o.planned_at) END)::float8,
    0.001) / 0.01) / ln(2::float8))))::smallint ELSE 0::smallint END
