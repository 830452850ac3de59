namespace Berth.Bench;

/// <summary>One thing that is measured: a row of <see cref="MeasurementTable"/>, a file under Measurements.</summary>
/// <param name="Name">The word for it on the command line.</param>
/// <param name="What">One line for <c>--list</c>.</param>
/// <param name="Run">Measures. Everything it starts it ends; a failure is an <see cref="IOException"/>.</param>
internal sealed record Measurement(string Name, string What, Func<Programs, IReadOnlyList<Figure>> Run);
