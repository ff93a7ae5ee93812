using System.Text.Json.Serialization;

namespace Reminders.Web.Console;

/// <summary>What somebody may do in the console. Each may do what the ones before may.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ConsoleRole>))]
public enum ConsoleRole
{
    /// <summary>Their own bookings: look, approve, move, cancel.</summary>
    [JsonStringEnumMemberName("recruiter")]
    Recruiter,

    /// <summary>Everybody's bookings, the outbox, the cluster, the audit.</summary>
    [JsonStringEnumMemberName("operator")]
    Operator,

    /// <summary>Accounts and keys as well.</summary>
    [JsonStringEnumMemberName("administrator")]
    Administrator,
}
