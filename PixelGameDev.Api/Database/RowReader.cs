using System.Linq.Expressions;
using System.Reflection;
using Npgsql;

namespace PixelGameDev.Api.Database;

/// <summary>
/// Reads rows into <typeparamref name="T"/>: a record whose constructor parameters are named like the columns (<c>created_at</c> is
/// <c>CreatedAt</c>), or a single value from the only column.
/// </summary>
/// <remarks>
/// The types must match without conversion: <c>integer</c> is int, <c>bigint</c> long, <c>timestamptz</c> DateTimeOffset. NULL requires a
/// nullable parameter. A parameter without a column keeps its default value. A column without a parameter, and a parameter with neither a
/// column nor a default value, are errors of the statement.
/// </remarks>
internal sealed class RowReader<T>
{
    private static readonly MethodInfo IsDbNull = typeof(NpgsqlDataReader).GetMethod(nameof(NpgsqlDataReader.IsDBNull), [typeof(int)])!;
    private static readonly MethodInfo GetFieldValue =
        typeof(NpgsqlDataReader).GetMethod(nameof(NpgsqlDataReader.GetFieldValue), [typeof(int)])!;

    private static readonly ConstructorInfo? Constructor = IsValue(typeof(T))
        ? null
        : typeof(T).GetConstructors().MaxBy(static constructor => constructor.GetParameters().Length)
            ?? throw new InvalidOperationException($"{typeof(T)} has no public constructor.");

    private static readonly Func<NpgsqlDataReader, int[], T> ReadRow = Compile();

    private readonly NpgsqlDataReader _rows;
    private readonly int[] _columns;

    /// <summary>Maps the columns to the parameters.</summary>
    /// <exception cref="InvalidOperationException">Columns and parameters do not match.</exception>
    public RowReader(NpgsqlDataReader rows)
    {
        _rows = rows;
        _columns = Constructor is null ? [0] : FindColumns(rows, Constructor.GetParameters());
    }

    /// <summary>Reads the current row.</summary>
    public T Read() => ReadRow(_rows, _columns);

    private static int[] FindColumns(NpgsqlDataReader rows, ParameterInfo[] parameters)
    {
        int[] columns = new int[parameters.Length];
        System.Array.Fill(columns, -1);
        for (int column = 0; column < rows.FieldCount; column++)
        {
            string name = rows.GetName(column);
            int parameter = System.Array.FindIndex(parameters, one => IsSameName(one.Name!, name));
            if (parameter < 0)
            {
                throw new InvalidOperationException($"{typeof(T)} has no parameter for the column {name}.");
            }

            columns[parameter] = column;
        }

        for (int i = 0; i < columns.Length; i++)
        {
            if (columns[i] < 0 && !parameters[i].HasDefaultValue)
            {
                throw new InvalidOperationException($"No column is called like the parameter {parameters[i].Name} of {typeof(T)}.");
            }
        }

        return columns;
    }

    private static bool IsSameName(ReadOnlySpan<char> parameter, ReadOnlySpan<char> column)
    {
        int matched = 0;
        foreach (char letter in column)
        {
            if (letter != '_')
            {
                if (matched == parameter.Length || char.ToLowerInvariant(parameter[matched]) != letter)
                {
                    return false;
                }

                matched++;
            }
        }

        return matched == parameter.Length;
    }

    private static Func<NpgsqlDataReader, int[], T> Compile()
    {
        ParameterExpression rows = Expression.Parameter(typeof(NpgsqlDataReader));
        ParameterExpression columns = Expression.Parameter(typeof(int[]));
        Expression body = Constructor is null
            ? ReadColumn(rows, Expression.Constant(0), typeof(T), isNullable: !typeof(T).IsValueType)
            : Expression.New(Constructor, Constructor.GetParameters().Select((parameter, i) => ReadParameter(rows, columns, parameter, i)));
        return Expression.Lambda<Func<NpgsqlDataReader, int[], T>>(body, rows, columns).Compile();
    }

    private static Expression ReadParameter(Expression rows, Expression columns, ParameterInfo parameter, int index)
    {
        Expression column = Expression.ArrayIndex(columns, Expression.Constant(index));
        bool isNullable = new NullabilityInfoContext().Create(parameter).ReadState == NullabilityState.Nullable;
        Expression read = ReadColumn(rows, column, parameter.ParameterType, isNullable);
        return parameter.HasDefaultValue
            ? Expression.Condition(
                Expression.LessThan(column, Expression.Constant(0)),
                parameter.DefaultValue is { } value
                    ? Expression.Constant(value, parameter.ParameterType) : Expression.Default(parameter.ParameterType),
                read)
            : read;
    }

    private static Expression ReadColumn(Expression rows, Expression column, Type type, bool isNullable)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        Expression value = Expression.Call(rows, GetFieldValue.MakeGenericMethod(plain), column);
        value = plain == type ? value : Expression.Convert(value, type);
        return isNullable || plain != type
            ? Expression.Condition(Expression.Call(rows, IsDbNull, column), Expression.Default(type), value)
            : value;
    }

    private static bool IsValue(Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain.IsPrimitive || plain == typeof(string) || plain == typeof(Guid) || plain == typeof(byte[])
            || plain == typeof(DateTimeOffset) || plain == typeof(TimeSpan);
    }
}
