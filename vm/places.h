/* Lists of places for generating handlers: EACH_x(M, …) calls M(place, …) for each place of that kind of operand.
 * The file that includes this has said how many registers there are: REGISTERS (1…6) and FLOAT_REGISTERS (1…4).
 * Each level of nesting needs macros of its own, since a macro does not expand inside itself. */
#define LIST_1(M, ...) M(0, __VA_ARGS__)
#define LIST_2(M, ...) LIST_1(M, __VA_ARGS__) M(1, __VA_ARGS__)
#define LIST_3(M, ...) LIST_2(M, __VA_ARGS__) M(2, __VA_ARGS__)
#define LIST_4(M, ...) LIST_3(M, __VA_ARGS__) M(3, __VA_ARGS__)
#define LIST_5(M, ...) LIST_4(M, __VA_ARGS__) M(4, __VA_ARGS__)
#define LIST_6(M, ...) LIST_5(M, __VA_ARGS__) M(5, __VA_ARGS__)
#define LIST_OF(n) LIST_AGAIN(n)
#define LIST_AGAIN(n) LIST_##n

#define LISTA_1(M, ...) M(0, __VA_ARGS__)
#define LISTA_2(M, ...) LISTA_1(M, __VA_ARGS__) M(1, __VA_ARGS__)
#define LISTA_3(M, ...) LISTA_2(M, __VA_ARGS__) M(2, __VA_ARGS__)
#define LISTA_4(M, ...) LISTA_3(M, __VA_ARGS__) M(3, __VA_ARGS__)
#define LISTA_5(M, ...) LISTA_4(M, __VA_ARGS__) M(4, __VA_ARGS__)
#define LISTA_6(M, ...) LISTA_5(M, __VA_ARGS__) M(5, __VA_ARGS__)
#define LISTA_OF(n) LISTA_AGAIN(n)
#define LISTA_AGAIN(n) LISTA_##n

#define LISTB_1(M, ...) M(0, __VA_ARGS__)
#define LISTB_2(M, ...) LISTB_1(M, __VA_ARGS__) M(1, __VA_ARGS__)
#define LISTB_3(M, ...) LISTB_2(M, __VA_ARGS__) M(2, __VA_ARGS__)
#define LISTB_4(M, ...) LISTB_3(M, __VA_ARGS__) M(3, __VA_ARGS__)
#define LISTB_5(M, ...) LISTB_4(M, __VA_ARGS__) M(4, __VA_ARGS__)
#define LISTB_6(M, ...) LISTB_5(M, __VA_ARGS__) M(5, __VA_ARGS__)
#define LISTB_OF(n) LISTB_AGAIN(n)
#define LISTB_AGAIN(n) LISTB_##n

#define LISTE_1(M, ...) M(0, __VA_ARGS__)
#define LISTE_2(M, ...) LISTE_1(M, __VA_ARGS__) M(1, __VA_ARGS__)
#define LISTE_3(M, ...) LISTE_2(M, __VA_ARGS__) M(2, __VA_ARGS__)
#define LISTE_4(M, ...) LISTE_3(M, __VA_ARGS__) M(3, __VA_ARGS__)
#define LISTE_5(M, ...) LISTE_4(M, __VA_ARGS__) M(4, __VA_ARGS__)
#define LISTE_6(M, ...) LISTE_5(M, __VA_ARGS__) M(5, __VA_ARGS__)
#define LISTE_OF(n) LISTE_AGAIN(n)
#define LISTE_AGAIN(n) LISTE_##n

/* registers themselves, inside a handler */
#define EACH_REGISTER(M, ...) LISTE_OF(REGISTERS)(M, __VA_ARGS__)
#define EACH_FLOAT_REGISTER(M, ...) LISTE_OF(FLOAT_REGISTERS)(M, __VA_ARGS__)
/* destination, first and second operand */
#define EACH_D(M, ...) LIST_OF(REGISTERS)(M, __VA_ARGS__) M(S, __VA_ARGS__)
#define EACH_A(M, ...) LISTA_OF(REGISTERS)(M, __VA_ARGS__) M(S, __VA_ARGS__)
#define EACH_AI(M, ...) LISTA_OF(REGISTERS)(M, __VA_ARGS__) M(S, __VA_ARGS__) M(I, __VA_ARGS__)
#define EACH_B(M, ...) LISTB_OF(REGISTERS)(M, __VA_ARGS__) M(S, __VA_ARGS__) M(I, __VA_ARGS__)
#define EACH_FD(M, ...) LIST_OF(FLOAT_REGISTERS)(M, __VA_ARGS__) M(S, __VA_ARGS__)
#define EACH_FA(M, ...) LISTA_OF(FLOAT_REGISTERS)(M, __VA_ARGS__) M(S, __VA_ARGS__)
#define EACH_FB(M, ...) LISTB_OF(FLOAT_REGISTERS)(M, __VA_ARGS__) M(S, __VA_ARGS__)
/* how many registers a call saves or a function loads: 0…REGISTERS-1 */
#define EACH_COUNT(M, ...) LIST_OF(REGISTERS)(M, __VA_ARGS__)
#define EACH_MODE(M, ...) M(0, __VA_ARGS__) M(1, __VA_ARGS__)
