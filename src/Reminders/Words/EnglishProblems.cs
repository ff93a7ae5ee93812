namespace Reminders.Words;

/// <summary>What an answer over HTTP says that is no success.</summary>
internal static class EnglishProblems
{
    public static readonly Dictionary<string, string> Texts = new()
    {
        ["problem.owner_scope"] = "Another owner's objects need the scope {0}.",
        ["problem.send_json"] = "Send JSON, with Content-Type: application/json.",
        ["problem.key_reused"] = "The Idempotency-Key '{0}' was used before with a different request. Use a new key for a new request.",
        ["problem.too_big"] = "The body is longer than {0} KiB.",
        ["problem.come_back"] = "{0}. Nothing was done; try again in {1} s.",
        ["problem.many_by_key"] = "Too many requests by this key",
        ["problem.many_refused"] = "Too many refused requests from this address",
        ["problem.many_about"] = "Too many requests about the same thing",
        ["problem.hands_full"] = "This node has its hands full",
        ["problem.no_bearer"] = "The Authorization header is not of the form 'Bearer KEY'.",
        ["problem.bad_key"] = "The API key is unknown, expired or revoked.",
        ["problem.bad_token"] = "The access token is unknown, expired or revoked.",
        ["problem.elsewhere"] = "Another site's page asked for this, and the app's sign-in is good for the app's own pages only.",
        ["problem.long_owner"] = "The owner that the app gives is longer than 100 characters.",
        ["problem.long_name"] = "The name that the app gives should have 1 to 100 characters.",
        ["problem.no_recruiter"] = "There is no person '{0}', whose bookings would be shown.",
        ["problem.no_role"] = "The app that signed you in gives you no role here.",
        ["problem.unknown_person"] = "Nothing was ever sent to this person: the engine does not know them.",
        ["problem.send_key"] = "Send an API key: Authorization: Bearer rk_….",
        ["problem.send_token"] = "Send the person's access token: Authorization: Bearer rt_….",
        ["problem.send_ticket"] =
            "Send the person's access token (Authorization: Bearer rt_…, or the subprotocols bearer, rt_…), or a ticket of "
            + "POST /api/notifications/ticket/ as ?token=rw_….",
        ["problem.lacks_scope"] = "The API key is good, but it may not do this: it lacks the scope {0}.",
        ["problem.sockets_only"] = "This address is for WebSockets.",
        ["problem.read_only"] =
            "The database takes no writes just now. Nothing was changed by this request; try again with the same Idempotency-Key.",
        ["problem.contention"] = "Another request is changing the same just now. Nothing was changed by this one; try again.",
        ["problem.shared_session"] =
            "This service is not set up for what stands before its database, and its log says what to change. Nothing was "
            + "changed by this request.",
        ["problem.took_too_long"] =
            "The database took longer over this than Api:ReadTime allows, and it was ended there. Nothing was changed; ask "
            + "for less at a time, or try again later.",
        ["problem.other_schema"] =
            "The database's schema is another than this build's: an upgrade is under way, or migrate was not run. Nothing "
            + "was changed by this request; try again with the same Idempotency-Key. doctor says what is missing.",
        ["problem.no_answer"] =
            "The database does not answer. Nothing was changed by this request, as far as is known; try again with the same "
            + "Idempotency-Key.",
        ["problem.bug"] = "Something went wrong here. It is in the log, under this traceId.",
        ["problem.wrong_fields"] = "One or more validation errors occurred.",
        ["title.400"] = "Bad Request",
        ["title.401"] = "Unauthorized",
        ["title.403"] = "Forbidden",
        ["title.404"] = "Not Found",
        ["title.405"] = "Method Not Allowed",
        ["title.406"] = "Not Acceptable",
        ["title.409"] = "Conflict",
        ["title.413"] = "Payload Too Large",
        ["title.415"] = "Unsupported Media Type",
        ["title.422"] = "Unprocessable Entity",
        ["title.426"] = "Upgrade Required",
        ["title.429"] = "Too Many Requests",
        ["title.500"] = "An error occurred while processing your request.",
        ["title.503"] = "Service Unavailable",
    };
}
