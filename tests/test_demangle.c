/* base/demangle.h: names as the compilers' own tools show them; the symbols come from rustc, g++ and clang++. */
#include "base/demangle.h"
#include "tests/test.h"

#include <stdlib.h>

struct example {
    const char *symbol, *name;
};

static const struct example legacy[] = {
    {"_ZN1q4bank16Account$LT$T$GT$7deposit17hc8c9418d50dd25f5E", "q::bank::Account<T>::deposit"},
    {"_ZN1q4bank16Account$LT$T$GT$7deposit28_$u7b$$u7b$closure$u7d$$u7d$17h55122b24ae1d0decE",
     "q::bank::Account<T>::deposit::{{closure}}"},
    {"_ZN118_$LT$$RF$dyn$u20$core..ops..function..Fn$LT$$LP$u8$C$$RP$$GT$$u2b$Output$u20$$u3d$$u20$u8$u20$as$u20$q..bank..Show$GT$4show17h5dfdc55e8fe61dbdE",
     "<&dyn core::ops::function::Fn<(u8,)>+Output = u8 as q::bank::Show>::show"},
    {"_ZN57_$LT$$u5b$u8$u3b$$u20$4$u5d$$u20$as$u20$q..bank..Show$GT$4show17h5b6400f7d76a41fcE",
     "<[u8; 4] as q::bank::Show>::show"},
    {"_ZN1q4main17h5b6400f7d76a41fcE.llvm.8436725490", "q::main"},
    {"_ZN1q4main17h5b6400f7d76a41fcE.cold.1", "q::main.cold.1"},
    {"__ZN1q4main17h5b6400f7d76a41fcE", "q::main"},
    {"_ZN1q4main5hello17h5b6400f7d76a41fcE", "q::main::hello"},
    {"_ZN1q4main5hello7goodbyeE", "q::main::hello::goodbye"},
    {"_ZN17h5b6400f7d76a41fc4mainE", "h5b6400f7d76a41fc::main"},
    {"_ZN1q8$SP$$BP$E", "q::@*"},
    {"_ZN1q7$u3bb$xE", "q::λx"},
    {"_ZN1q8a$XY$b.cE", "q::a$XY$b.c"},
    {"_ZN1q7$u3BB$xE", "q::$u3BB$x"},
    {"_ZN1q5$u7$xE", "q::$u7$x"},
};

static const struct example v0[] = {
    {"_RNvMNtCsgGMUQUDvwr0_1q4bankINtB2_7AccounthE7depositB4_", "<q::bank::Account<u8>>::deposit"},
    {"_RNCNvMNtCsgGMUQUDvwr0_1q4bankINtB4_7AccounthE7deposit0B6_", "<q::bank::Account<u8>>::deposit::{closure#0}"},
    {"_RNvXs0_NtCsgGMUQUDvwr0_1q4bankRDINtNtNtCsgEmfK2I1SDS_4core3ops8function2FnThEEp6OutputhEL_NtB5_4Show4show",
     "<&dyn core::ops::function::Fn<(u8,), Output = u8> as q::bank::Show>::show"},
    {"_RNvXs_NtCsgGMUQUDvwr0_1q4bankAhj4_NtB4_4Show4show", "<[u8; 4] as q::bank::Show>::show"},
    {"_RINvNtCsgEmfK2I1SDS_4core3ptr13drop_in_placeINtNtCsgGMUQUDvwr0_1q4bank7AccounthEEBL_",
     "core::ptr::drop_in_place::<q::bank::Account<u8>>"},
    {"_RINvCs3DkkXZSZGZp_1p1tFK6sysv64OAhj4_PeEuEB2_", "p::t::<extern \"sysv64\" fn(*mut [u8; 4], *const str)>"},
    {"_RINvCs3DkkXZSZGZp_1p1tFUPhEuEB2_", "p::t::<unsafe fn(*const u8)>"},
    {"_RINvCs3DkkXZSZGZp_1p1tNCNCNvB2_4mains_00EB2_", "p::t::<p::main::{closure#1}::{closure#0}>"},
    {"_RINvCs3DkkXZSZGZp_1p1tRDG_INtNtNtCs8NwYtU1Mohg_4core3ops8function2FnTRL0_hQL0_Atj3_EEp6OutputRL0_eEL_EB2_",
     "p::t::<&dyn for<'a> core::ops::function::Fn<(&'a u8, &'a mut [u16; 3]), Output = &'a str>>"},
    {"_RNvC6_123abc3foo", "123abc::foo"},
    {"_RNvC1a3foo.cold", "a::foo.cold"},
    {"_RNvC1a3foo.llvm.123456@@7", "a::foo"},
    {"_RINvCs3DkkXZSZGZp_1p1tFG_FG_RL0_hRL1_hEuEuEB2_", "p::t::<for<'a> fn(for<'b> fn(&'b u8, &'a u8))>"},
    {"_RINvCs3DkkXZSZGZp_1p3arrKATh1_b1_ETh2_b0_EEEB2_", "p::arr::<{[(1, true), (2, false)]}>"},
    {"_RNvMNtCs3DkkXZSZGZp_1pu7wx1bk5iNtB2_u3i0au6ldr85b", "<p::모듈::Ж>::名前"},
    {"_RNvNtCs3DkkXZSZGZp_1pu7wx1bk5iu17gre_and_1va8nvbxc", "p::모듈::größe_ñandú"},
    {"_RINvCs3DkkXZSZGZp_1p1bKb0_EB2_", "p::b::<false>"},
    {"_RINvCs3DkkXZSZGZp_1p1bKb1_EB2_", "p::b::<true>"},
    {"_RINvCs3DkkXZSZGZp_1p1cKc200b_EB2_", "p::c::<'\\u{200b}'>"},
    {"_RINvCs3DkkXZSZGZp_1p1cKc22_EB2_", "p::c::<'\"'>"},
    {"_RINvCs3DkkXZSZGZp_1p1cKc27_EB2_", "p::c::<'\\''>"},
    {"_RINvCs3DkkXZSZGZp_1p1cKca_EB2_", "p::c::<'\\n'>"},
    {"_RINvCs3DkkXZSZGZp_1p1cKce9_EB2_", "p::c::<'é'>"},
    {"_RINvCs3DkkXZSZGZp_1p1eKVNtNtB2_1E1AUEB2_", "p::e::<{p::E::A}>"},
    {"_RINvCs3DkkXZSZGZp_1p1eKVNtNtB2_1E1BTh3_c78_EEB2_", "p::e::<{p::E::B(3, 'x')}>"},
    {"_RINvCs3DkkXZSZGZp_1p1eKVNtNtB2_1E1CS1ynn9_EEB2_", "p::e::<{p::E::C { y: -9 }}>"},
    {"_RINvCs3DkkXZSZGZp_1p1iKx4d_EB2_", "p::i::<77>"},
    {"_RINvCs3DkkXZSZGZp_1p1iKxn5_EB2_", "p::i::<-5>"},
    {"_RINvCs3DkkXZSZGZp_1p1iKxn8000000000000000_EB2_", "p::i::<-9223372036854775808>"},
    {"_RINvCs3DkkXZSZGZp_1p1pKVNtB2_1PS1xln3_1sRe613b62_EEB2_", "p::p::<{p::P { x: -3, s: \"a;b\" }}>"},
    {"_RINvCs3DkkXZSZGZp_1p1sKRe68c3a96c6c6f0a22275c00_EB2_", "p::s::<\"héllo\\n\\\"'\\\\\\0\">"},
    {"_RINvCs3DkkXZSZGZp_1p1sKRe_EB2_", "p::s::<\"\">"},
    {"_RINvCs3DkkXZSZGZp_1p1sKRee697a5e69caccc81_EB2_", "p::s::<\"日本\\u{301}\">"},
    {"_RINvCs3DkkXZSZGZp_1p1uKoffffffffffffffffffffffffffffffff_EB2_", "p::u::<0xffffffffffffffffffffffffffffffff>"},
};

static const struct example itanium[] = {
    {"_Z3foov", "foo()"},
    {"_ZN4bank7AccountIiE7depositEi", "bank::Account<int>::deposit(int)"},
    {"_ZNK4bank7Account5totalEv", "bank::Account::total() const"},
    {"_ZN4bank7AccountC2ERKS0_", "bank::Account::Account(bank::Account const&)"},
    {"_ZN4bank7AccountD0Ev", "bank::Account::~Account()"},
    {"_ZNSt6vectorIiSaIiEE9push_backEOi", "std::vector<int, std::allocator<int>>::push_back(int&&)"},
    {"_ZN4bankplERKNS_5MoneyES2_", "bank::operator+(bank::Money const&, bank::Money const&)"},
    {"_ZN4bank5MoneycvbEv", "bank::Money::operator bool()"},
    {"_Z3maxIiET_S0_S0_", "int max<int>(int, int)"},
    {"_Z4callPFvPKcEz", "call(void (*)(char const*), ...)"},
    {"_Z4sortRA3_A4_Kd", "sort(double const (&) [3][4])"},
    {"_Z1fM1AFivEMS_i", "f(int (A::*)(), int A::*)"},
    {"_Z1fM1AKFivE", "f(int (A::*)() const)"},
    {"_ZNO1A1fEv", "A::f() &&"},
    {"_Z3getILi3ELb1ELm7ELin2EEvv", "void get<3, true, 7ul, -2>()"},
    {"_Z4makeIJicEEvDpOT_", "void make<int, char>(int&&, char&&)"},
    {"_Z4makeIJEEvDpOT_", "void make<>()"},
    {"_ZZ3foovENKUliE_clEi", "foo()::{lambda(int)#1}::operator()(int) const"},
    {"_ZZ3foovE3bar_0", "foo()::bar"},
    {"_ZTV3Foo", "vtable for Foo"},
    {"_ZTIN1A1BE", "typeinfo for A::B"},
    {"_ZThn16_N3Foo3barEv", "non-virtual thunk to Foo::bar()"},
    {"_ZGVZ3foovE3bar", "guard variable for foo()::bar"},
    {"_ZN12_GLOBAL__N_13fooEv", "(anonymous namespace)::foo()"},
    {"_ZlsRSoRKSs", "operator<<(std::ostream&, std::string const&)"},
    {"_Zli2_kme", "operator\"\" _k(unsigned long, long double)"},
    {"_ZN3fooB5cxx11Ev", "foo[abi:cxx11]()"},
    {"_ZNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEC1Ev",
     "std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char>>::basic_string()"},
    {"_Z1fIN1A1BEENT_4typeES2_", "A::B::type f<A::B>(A::B)"},
    {"_Z1fDnDsDi", "f(std::nullptr_t, char16_t, char32_t)"},
    {"_Z1fPDoFvvE", "f(void (*)() noexcept)"},
};

/* Nothing to make readable: not mangled, cut off, or wrong inside. */
static const char *const unreadable[] = {
    "", "_", "_R", "_Z", "_ZN", "__R", "main", "memcpy", "Run", "RNvC1a1b", "ZN3fooE", "_Rust", "_ZNE",
    /* legacy */
    "_ZN3foo", "_ZN4fooE", "_ZN3foo3baE", "_ZN99999999999999999999999fooE", "_ZN3fooE suffix", "_ZN3fooE.a b",
    /* v0 */
    "_RC", "_RC3fo", "_RC99999999999999999999a", "_RNvC1a", "_RN1C1a1b", "_RBa_", "_RB_", "_RNvB_1a", "_RNvC1a3foo!",
    "_RMC0B_", "_RINvC1a1bE.\n", "_RINvC1a1bKb2_E", "_RINvC1a1bKcd800_E", "_RINvC1a1bKc110000_E", "_RINvC1a1bKRe8_E",
    "_RINvC1a1bKRe80_E", "_RINvC1a1bKhG_E", "_RINvC1a1bL0_E", "_RINvC1a1bFKu1aEuE", "_RINvC1a1bDEE", "_RINvC1a1bWhOEE",
    "_RNvC1au0", "_RNvC1as", "_RNvC1aszzzzzzzzzzzzzzzz_1b", "_RZ", "_RNvC1\xc3\xa9" "1b",
    /* C++ */
    "_Z3fo", "_Z0v", "_Z3foovS_", "_Z3fooS0_", "_Z3fooT_", "_Z3fooIXadEEvv", "_Z3fooDTcl1fEE", "_ZNC1Ev", "_ZN3fooC9Ev",
    "_Z3fooP", "_Z3fooA3i", "_Z3fooILf3f800000EEvv", "_ZTh", "_ZThn_3foov", "_ZZ3foov", "_Z3foo\xff" "v", "_Z99999999999999999999a",
};

static bool readable(const char *symbol, struct buffer *out)
{
    /* in memory of its own size, so that reading too far is noticed */
    size_t size = strlen(symbol);
    uint8_t *copy = malloc(size ? size : 1);
    if (!copy) return false;
    memcpy(copy, symbol, size);
    bool ok = demangle(bytes_of(copy, size), out);
    free(copy);
    return ok;
}

static void check_examples(const struct example *examples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct buffer out = {0};
        buffer_append_string(&out, "before ");
        bool ok = readable(examples[i].symbol, &out);
        buffer_append_byte(&out, 0);
        if (!CHECK(ok)) printf("    %s\n", examples[i].symbol);
        else CHECK_TEXT((const char *)out.data + strlen("before "), examples[i].name);
        CHECK(memcmp(out.data, "before ", 7) == 0);
        buffer_free(&out);
    }
}

static void test_unreadable(void)
{
    test_begin("symbols that cannot be read");
    for (size_t i = 0; i < sizeof unreadable / sizeof *unreadable; i++) {
        struct buffer out = {0};
        buffer_append_string(&out, "x");
        if (!CHECK(!readable(unreadable[i], &out)))
            printf("    %s → %.*s\n", unreadable[i], (int)out.size, (const char *)out.data);
        CHECK_EQUAL(out.size, 1);
        buffer_free(&out);
    }
    struct buffer out = {0};
    CHECK(!demangle((struct bytes){0}, &out));
    buffer_free(&out);
}

/* A symbol cut off anywhere, or with any byte changed, is read or refused, and the result stays text. */
static void test_damaged(const struct example *examples, size_t count)
{
    static const char bytes[] = "CNMXYIBEKLRQPTFDWGUSZupsn019_$.\x01\xff";
    unsigned results = 0, bad = 0;
    for (size_t i = 0; i < count; i++) {
        size_t size = strlen(examples[i].symbol);
        for (size_t at = 0; at < size; at++) {
            for (size_t b = 0; b < sizeof bytes; b++) {
                char *copy = strdup(examples[i].symbol);
                struct buffer out = {0};
                if (!copy) return;
                copy[at] = bytes[b]; /* the last one is the NUL: cut off */
                bool ok = readable(copy, &out);
                if (ok ? out.size == 0 || !utf8_valid(out.data, out.size) : out.size != 0) {
                    bad++;
                    printf("    %s\n", copy);
                }
                results += ok;
                buffer_free(&out);
                free(copy);
            }
        }
    }
    CHECK_EQUAL(bad, 0);
    CHECK(results > 1000); /* some changes leave a symbol */
}

/* ---- bounds ------------------------------------------------------------------------------------------------------ */

/* prefix, `count` times `repeated`, suffix */
static bool repeated(const char *prefix, const char *middle, unsigned count, const char *suffix, size_t *size)
{
    struct buffer symbol = {0}, out = {0};
    buffer_append_string(&symbol, prefix);
    for (unsigned i = 0; i < count; i++) buffer_append_string(&symbol, middle);
    buffer_append_string(&symbol, suffix);
    bool ok = demangle(bytes_of(symbol.data, symbol.size), &out);
    *size = out.size;
    buffer_free(&symbol);
    buffer_free(&out);
    return ok;
}

static void test_depth(void)
{
    test_begin("nesting");
    static const struct {
        const char *prefix, *middle, *suffix;
    } nested[] = {
        {"_RINvC1a1b", "R", "hE"},  {"_RINvC1a1b", "T", ""},    {"_R", "Nv", "C1a"},      {"_RINvC1a1bK", "R", "p"},
        {"_RINvC1a1b", "FE", "uE"}, {"_RINvC1a1b", "DI", "E"},  {"_R", "M", "C1a"},       {"_RINvC1a1bWh", "O", "N"},
        {"_R", "I", "C1aE"},        {"_RINvC1a1bK", "A", "E"},  {"_RINvC1a1b", "DB", ""}, {"_R", "B", "_"},
        {"_Z1f", "P", "i"},         {"_Z1f", "F", "i"},         {"_Z1fI", "1aI", "i"},    {"_Z", "Z", "1f"},
        {"_Z1fI", "J", "E"},        {"_Z1f", "A_", "i"},        {"_Z1fI", "L_ZZ", "1f"},  {"_ZN1f", "I", "E"},
        {"_Z1f", "M", "i"},         {"_ZT", "h_T", "1f"},       {"_Z1f", "Dp", "i"},      {"_ZN", "Ul", "E"},
    };
    for (size_t i = 0; i < sizeof nested / sizeof *nested; i++) {
        size_t size;
        if (!CHECK(!repeated(nested[i].prefix, nested[i].middle, 100000, nested[i].suffix, &size)))
            printf("    %s %s\n", nested[i].prefix, nested[i].middle);
        CHECK_EQUAL(size, 0);
    }
    size_t size;
    CHECK(repeated("_RINvC1a1b", "R", 100, "hE", &size));
    CHECK_EQUAL(size, strlen("a::b::<u8>") + 100);
    CHECK(repeated("_Z1f", "P", 100, "i", &size));
    CHECK_EQUAL(size, strlen("f(int)") + 100);
    CHECK(repeated("_RINvC1a1b", "Rh", 2000, "E", &size)); /* wide, not deep */
    CHECK_EQUAL(size, strlen("a::b::<>") + 2000 * strlen("&u8") + 1999 * strlen(", "));
}

/* Each back reference, or substitution, doubles what the one before stands for. */
static void test_growth(void)
{
    test_begin("growth");
    struct buffer out = {0};
    CHECK(readable("_RINvC1a1bTTTThBb_EBa_EB9_EB8_EE", &out));
    const char *four = "a::b::<((((u8, u8), (u8, u8)), ((u8, u8), (u8, u8))), (((u8, u8), (u8, u8)), ((u8, u8), (u8, u8))))>";
    CHECK(out.size == strlen(four) && memcmp(out.data, four, out.size) == 0);
    out.size = 0;
    struct buffer symbol = {0};
    buffer_append_string(&symbol, "_RINvC1a1b");
    for (int i = 0; i < 50; i++) buffer_append_string(&symbol, "T");
    buffer_append_string(&symbol, "h");
    static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (int i = 0; i < 50; i++) buffer_printf(&symbol, "B%c_E", digits[57 - i]);
    buffer_append_string(&symbol, "E");
    CHECK(!demangle(bytes_of(symbol.data, symbol.size), &out)); /* 2^50 times u8 */
    CHECK_EQUAL(out.size, 0);

    symbol.size = 0;
    buffer_append_string(&symbol, "_Z1f1aIiiE"); /* S0_ is a<int, int> */
    for (int i = 0; i < 30; i++) buffer_printf(&symbol, "S_IS%c_S%c_E", digits[i] >= 'a' ? digits[i] - 32 : digits[i],
                                               digits[i] >= 'a' ? digits[i] - 32 : digits[i]);
    CHECK(!demangle(bytes_of(symbol.data, symbol.size), &out));
    CHECK_EQUAL(out.size, 0);

    /* a name longer than the limit, and many lifetimes from few bytes */
    size_t size;
    CHECK(!repeated("_RNvC1a70000", "x", 70000, "", &size));
    CHECK(repeated("_RNvC1a60000", "x", 60000, "", &size));
    CHECK_EQUAL(size, 60003);
    CHECK(!repeated("_ZN70000", "x", 70000, "E", &size));
    CHECK(!readable("_RINvC1a1bFGzzzzzz_EuE", &out));
    buffer_free(&symbol);
    buffer_free(&out);
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

int main(void)
{
    test_begin("Rust, legacy");
    check_examples(legacy, COUNT(legacy));
    test_begin("Rust, v0");
    check_examples(v0, COUNT(v0));
    test_begin("C++");
    check_examples(itanium, COUNT(itanium));
    test_unreadable();
    test_begin("damaged symbols");
    test_damaged(legacy, COUNT(legacy));
    test_damaged(v0, COUNT(v0));
    test_damaged(itanium, COUNT(itanium));
    test_depth();
    test_growth();
    return test_end();
}
