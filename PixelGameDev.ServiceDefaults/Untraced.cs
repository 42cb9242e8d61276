using System.Diagnostics;

namespace PixelGameDev.ServiceDefaults;

/// <summary>
/// Keeps out of the traces what a timer begins: one span a second for each look at the database would hide the requests of people.
/// </summary>
/// <remarks>
/// It is an activity that is not recorded. By the usual rule (<c>OTEL_TRACES_SAMPLER=parentbased_always_on</c>) what happens below it is
/// not recorded either, in this process or, since HTTP passes the decision on, in the one that is asked. Metrics count it all the same.
/// </remarks>
public static class Untraced
{
    /// <summary>Begins it; it holds for what the calling asynchronous method does until the result is disposed.</summary>
    public static Activity Begin()
    {
        // Whatever began the work is not its parent: a request's trace would go on for ever.
        Activity.Current = null;
        return new Activity("background").Start();
    }
}
