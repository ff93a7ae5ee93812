using Reminders.Doctor;
using Reminders.Words;

namespace Reminders.Integration.Tests;

/// <summary>What doctor says, as tests quote it.</summary>
internal static class EnglishFindings
{
    public static string Says(this Finding finding) => finding.Says(Wording.English);
}
