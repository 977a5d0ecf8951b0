using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Finks.Simulator;

/// <summary>
/// A JSON list of flat objects, printed straight into a pooled buffer, compact as FMP's web framework prints it. A price reply has thousands of
/// rows, so nothing is allocated per row.
/// </summary>
internal sealed class JsonRows : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
    private int _length;
    private bool _firstField;

    public JsonRows() => Put((byte)'[');

    public int Count { get; private set; }

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    /// <summary>A field's name, quoted, with the separator before it and the colon behind it: made once, copied often.</summary>
    public static byte[] Name(string name) => Encoding.UTF8.GetBytes($",\"{name}\":");

    /// <summary>A JSON string with its quotes.</summary>
    public static byte[] Quoted(string value) =>
        Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(value, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"");

    public void StartRow()
    {
        if (Count++ > 0)
            Put((byte)',');
        Put((byte)'{');
        _firstField = true;
    }

    public void EndRow() => Put((byte)'}');

    public void EndList() => Put((byte)']');

    /// <summary>A field whose value is JSON already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Raw(byte[] name, ReadOnlySpan<byte> value)
    {
        var target = Field(name, value.Length);
        value.CopyTo(target);
        _length += value.Length;
    }

    public void Text(byte[] name, string value) => Raw(name, Quoted(value));

    public void Truth(byte[] name, bool value) => Raw(name, value ? "true"u8 : "false"u8);

    public void Whole(byte[] name, long value) => Scaled(name, value, 0);

    /// <summary><paramref name="value"/> / 10^<paramref name="digits"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Scaled(byte[] name, long value, int digits)
    {
        var target = Field(name, JavaScriptNumber.Longest);
        _length += JavaScriptNumber.WriteScaled(target, value, digits);
    }

    public void Number(byte[] name, double value)
    {
        var target = Field(name, JavaScriptNumber.Longest);
        _length += JavaScriptNumber.Write(target, value);
    }

    /// <summary>yyyy-MM-dd, quoted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Date(byte[] name, DateOnly date)
    {
        var target = Field(name, 12);
        target[0] = (byte)'"';
        var (year, month, day) = date;
        PutPair(target[1..], year / 100);
        PutPair(target[3..], year % 100);
        target[5] = (byte)'-';
        PutPair(target[6..], month);
        target[8] = (byte)'-';
        PutPair(target[9..], day);
        target[11] = (byte)'"';
        _length += 12;
    }

    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        _length = 0;
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>Writes the name and returns the place for the value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Span<byte> Field(byte[] name, int room)
    {
        Reserve(name.Length + room);
        var from = _firstField ? 1 : 0;
        _firstField = false;
        name.AsSpan(from).CopyTo(_buffer.AsSpan(_length));
        _length += name.Length - from;
        return _buffer.AsSpan(_length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutPair(Span<byte> target, int value)
    {
        target[1] = (byte)('0' + (value % 10));
        target[0] = (byte)('0' + (value / 10));
    }

    private void Put(byte value)
    {
        Reserve(1);
        _buffer[_length++] = value;
    }

    private void Reserve(int room)
    {
        if (_buffer.Length - _length >= room)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + room));
        Written.Span.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
