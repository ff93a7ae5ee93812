using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reminders.Doctor;

namespace Reminders.Web.Console.Pages;

internal sealed record DoctorShown(IReadOnlyList<Finding> Findings, DateTimeOffset Now);

/// <summary>Every check that <c>doctor</c> makes, what is wrong first.</summary>
internal static class DoctorEndpoint
{
    public static void MapDoctor(this IEndpointRouteBuilder app) => app.MapGet("/doctor", ShowAsync);

    private static async Task<IResult> ShowAsync(HttpContext http, Visitor visitor, DoctorRounds doctor, TimeProvider time)
    {
        var findings = await doctor.LookAsync(DoctorDepth.Quick, null, http.RequestAborted);
        return http.Show<DoctorPage, DoctorShown>(
            visitor.Words.Doctor,
            "/doctor",
            new([.. findings.OrderByDescending(finding => finding.Health)], time.GetUtcNow())
        );
    }
}
