using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reminders.Doctor;
using Reminders.Web.Keys;
using Reminders.Web.Problems;

namespace Reminders.Web.Api;

/// <summary>For operators: is everything there, and does it agree, as this node sees it. What takes long is for the command line.</summary>
internal static class DoctorEndpoint
{
    public static void MapDoctor(this IEndpointRouteBuilder api) =>
        api.MapGroup("/doctor")
            .WithTags("Doctor")
            .RequireAuthorization(Policies.Operator)
            .MapGet("", LookAsync)
            .Describe(DoctorTexts.Look)
            .Produces<DoctorReport>()
            .WithProblems();

    private static async Task<IResult> LookAsync(
        DoctorRounds rounds,
        TimeProvider time,
        HttpResponse response,
        Spoken spoken,
        CancellationToken stop
    )
    {
        response.Headers.CacheControl = "no-store";
        var (at, began) = (time.GetUtcNow(), time.GetTimestamp());
        var findings = await rounds.LookAsync(DoctorDepth.Quick, progress: null, stop);
        return TypedResults.Ok(DoctorReport.Of(findings, DoctorDepth.Quick, at, time.GetElapsedTime(began), spoken.Words));
    }
}
