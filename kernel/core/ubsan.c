/*
 * What the compiler calls in CHECKED builds when a program of ours does what
 * C does not define (-fsanitize=undefined). Each call panics with the place.
 *
 * The names and arguments are the compiler's. The first argument always
 * begins with the source location; those behind it are looked at where they
 * say more (an index, an address), and ignored elsewhere.
 */
#include "core/panic.h"

struct source_location {
    const char *file;
    u32 line;
    u32 column;
};

static noreturn void undefined(const struct source_location *at,
                               const char *what)
{
    panic("%s:%u: undefined behaviour: %s", at->file, at->line, what);
}

#define HANDLER(name, what)                                                    \
    void __ubsan_handle_##name(const struct source_location *at);              \
    void __ubsan_handle_##name(const struct source_location *at)               \
    {                                                                          \
        undefined(at, what);                                                   \
    }

#define HANDLER_OF_WORD(name, what)                                            \
    void __ubsan_handle_##name(const struct source_location *at, u32 word);    \
    void __ubsan_handle_##name(const struct source_location *at, u32 word)     \
    {                                                                          \
        panic("%s:%u: undefined behaviour: %s %u (0x%x)", at->file, at->line,  \
              what, word, word);                                               \
    }

HANDLER(add_overflow, "signed addition overflows")
HANDLER(sub_overflow, "signed subtraction overflows")
HANDLER(mul_overflow, "signed multiplication overflows")
HANDLER(negate_overflow, "negation overflows")
HANDLER(divrem_overflow, "division by zero, or its result overflows")
HANDLER(shift_out_of_bounds, "shift by a negative or too large number")
HANDLER(pointer_overflow, "pointer arithmetic overflows")
HANDLER(load_invalid_value, "a value that its type does not have")
HANDLER(builtin_unreachable, "unreachable code is reached")
HANDLER(missing_return, "a function ends without its value")
HANDLER(vla_bound_not_positive, "an array of no or negative length")
HANDLER(nonnull_arg, "null is passed where it must not be")
HANDLER(invalid_builtin, "a bit is counted in zero")
HANDLER(alignment_assumption, "an assumed alignment is wrong")
HANDLER(float_cast_overflow, "a conversion overflows")
HANDLER_OF_WORD(out_of_bounds, "array index")
HANDLER_OF_WORD(type_mismatch_v1, "bad pointer to an object:")

/* The exception: the location stands alone, behind the attribute's. */
void __ubsan_handle_nonnull_return_v1(const struct source_location *attribute,
                                      const struct source_location *at);
void __ubsan_handle_nonnull_return_v1(const struct source_location *attribute,
                                      const struct source_location *at)
{
    undefined(at, "null is returned where it must not be");
}
