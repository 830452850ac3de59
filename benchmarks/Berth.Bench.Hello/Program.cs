namespace Berth.Bench.Hello;

/// <summary>The smallest .NET console program: what every start of a program on this runtime costs at least.</summary>
internal static class Program
{
    private static void Main() => Console.WriteLine("hello");
}
