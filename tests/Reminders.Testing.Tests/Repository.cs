namespace Reminders.Testing.Tests;

/// <summary>Files of the checkout that the tests run in.</summary>
internal static class Repository
{
    public static string PathOf(string file)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Reminders.sln")))
            {
                return Path.Combine(folder.FullName, file);
            }
        }

        throw new InvalidOperationException($"No Reminders.sln above {AppContext.BaseDirectory}.");
    }
}
