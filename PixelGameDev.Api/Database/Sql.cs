using Npgsql;
using NpgsqlTypes;

namespace PixelGameDev.Api.Database;

/// <summary>Executes statements with positional parameters (<c>$1</c>, <c>$2</c> …) and reads their rows into records.</summary>
/// <remarks>
/// The stores contain the SQL; this class adds the parameters and maps the columns. ADR 8 explains why this is not a library.
/// </remarks>
internal static class Sql
{
    /// <summary>Executes a statement.</summary>
    /// <returns>The number of changed rows.</returns>
    public static async Task<int> ExecuteAsync(
        this NpgsqlDataSource database, string sql, object?[] values, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand(sql);
        return await command.With(values).ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc cref="ExecuteAsync(NpgsqlDataSource, string, object?[], CancellationToken)"/>
    public static async Task<int> ExecuteAsync(
        this NpgsqlConnection connection, string sql, object?[] values, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(sql, connection);
        return await command.With(values).ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Reads all rows.</summary>
    /// <typeparam name="T">See <see cref="RowReader{T}"/>.</typeparam>
    public static async Task<List<T>> ListAsync<T>(
        this NpgsqlDataSource database, string sql, object?[] values, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand(sql);
        return await command.With(values).ListAsync<T>(cancellationToken);
    }

    /// <inheritdoc cref="ListAsync{T}(NpgsqlDataSource, string, object?[], CancellationToken)"/>
    public static async Task<List<T>> ListAsync<T>(
        this NpgsqlConnection connection, string sql, object?[] values, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(sql, connection);
        return await command.With(values).ListAsync<T>(cancellationToken);
    }

    /// <summary>Reads the first row; the default of <typeparamref name="T"/> (null) if there is none.</summary>
    /// <typeparam name="T">See <see cref="RowReader{T}"/>.</typeparam>
    public static async Task<T?> FindAsync<T>(
        this NpgsqlDataSource database, string sql, object?[] values, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand(sql);
        return await command.With(values).FindAsync<T>(cancellationToken);
    }

    /// <inheritdoc cref="FindAsync{T}(NpgsqlDataSource, string, object?[], CancellationToken)"/>
    public static async Task<T?> FindAsync<T>(
        this NpgsqlConnection connection, string sql, object?[] values, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(sql, connection);
        return await command.With(values).FindAsync<T>(cancellationToken);
    }

    /// <summary>Adds <paramref name="values"/> as <c>$1</c>, <c>$2</c> …</summary>
    public static NpgsqlCommand With(this NpgsqlCommand command, params ReadOnlySpan<object?> values)
    {
        Add(command.Parameters, values);
        return command;
    }

    /// <inheritdoc cref="With(NpgsqlCommand, ReadOnlySpan{object?})"/>
    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, params ReadOnlySpan<object?> values)
    {
        Add(command.Parameters, values);
        return command;
    }

    /// <summary>
    /// Creates an array parameter whose type cannot be inferred from its values, for example because all of them are null.
    /// </summary>
    public static NpgsqlParameter Array<T>(NpgsqlDbType elements, IEnumerable<T> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | elements };

    /// <summary>Creates a text parameter that may be null and whose type cannot be inferred.</summary>
    public static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    /// <summary>Creates a number parameter that may be null and whose type cannot be inferred.</summary>
    public static NpgsqlParameter Long(long? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint };

    private static void Add(NpgsqlParameterCollection parameters, ReadOnlySpan<object?> values)
    {
        foreach (object? value in values)
        {
            parameters.Add(value switch
            {
                NpgsqlParameter parameter => parameter,
                // An overloaded function such as normalize() requires an explicit type.
                string text => Text(text),
                _ => new NpgsqlParameter { Value = value ?? DBNull.Value },
            });
        }
    }

    private static async Task<List<T>> ListAsync<T>(this NpgsqlCommand command, CancellationToken cancellationToken)
    {
        List<T> list = [];
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        RowReader<T> reader = new(rows);
        while (await rows.ReadAsync(cancellationToken))
        {
            list.Add(reader.Read());
        }

        return list;
    }

    private static async Task<T?> FindAsync<T>(this NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        return await rows.ReadAsync(cancellationToken) ? new RowReader<T>(rows).Read() : default;
    }
}
