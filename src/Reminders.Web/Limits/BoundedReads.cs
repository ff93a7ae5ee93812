using System.Data;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Commands;

namespace Reminders.Web.Limits;

/// <summary>
/// What a caller asks to see is read as of one instant, on one connection, and no statement of it longer than Api:ReadTime:
/// the server itself ends it (57014), whether or not anybody still waits for the answer. Changes are no part of this: a person
/// who is to be forgotten is forgotten however long it takes.
/// </summary>
internal static class BoundedReads
{
    /// <summary>For everything that is got. The innermost filter: what is refused before does not ask the database.</summary>
    public static async ValueTask<object?> RunAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!HttpMethods.IsGet(http.Request.Method))
        {
            return await next(context);
        }

        var most = http.RequestServices.GetRequiredService<ApiOptions>().ReadTime;
        var transaction = http.RequestServices.GetRequiredService<CommandTransaction>();
        // Committed, because reading may have been audited.
        return await transaction.RunAsync(
            async () =>
            {
                await using var bound = transaction.Command(
                    string.Create(CultureInfo.InvariantCulture, $"SET LOCAL statement_timeout = {(long)most.TotalMilliseconds}")
                );
                await bound.ExecuteNonQueryAsync(http.RequestAborted);
                return await next(context);
            },
            http.RequestAborted,
            IsolationLevel.RepeatableRead
        );
    }
}
