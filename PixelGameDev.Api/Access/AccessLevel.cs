namespace PixelGameDev.Api.Access;

/// <summary>
/// Lists what a caller may do with a project or a session. Each level includes those before it. The database decides it: the functions
/// <c>project_access</c> and <c>session_access</c> say what each level means and who has it.
/// </summary>
internal enum AccessLevel
{
    /// <summary>For the caller it does not exist.</summary>
    None,

    /// <summary>The caller sees the title, who made it, and a picture.</summary>
    View,

    /// <summary>The caller starts sessions, which are the caller's own.</summary>
    Play,

    /// <summary>The caller also reads the code that runs, and may copy it.</summary>
    Run,

    /// <summary>The caller changes it: its owner.</summary>
    Edit,
}
