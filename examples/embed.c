/* Embedding nvm: a host function, memory, traps with a backtrace, fuel, and interruption from another thread.
 *
 *     cc embed.c $(pkg-config --cflags --libs nvm) -lpthread -o embed && ./embed */
#include <nvm.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char program[] =
    "(module $greeter\n"
    "  (import \"host\" \"print\" (func $print (param i32 i32)))\n"
    "  (memory (export \"memory\") 1)\n"
    "  (data (i32.const 0) \"Hello, \")\n"
    /* the name is at 7; prints the greeting and returns its length */
    "  (func (export \"greet\") (param $length i32) (result i32)\n"
    "    (call $print (i32.const 0) (i32.add (i32.const 7) (local.get $length)))\n"
    "    (i32.add (i32.const 7) (local.get $length)))\n"
    "  (func $divide (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))\n"
    "  (func $average (export \"average\") (param $sum i32) (param $count i32) (result i32)\n"
    "    (call $divide (local.get $sum) (local.get $count)))\n"
    "  (func (export \"forever\") (loop (br 0))))\n";

/* Prints a piece of the caller's memory. */
static nvm_status print(nvm_host_call *call, void *user, const nvm_value *args, nvm_value *results)
{
    int *calls = user;
    char text[64];
    size_t size = (uint32_t)args[1].of.i32;
    (void)results;
    if (size >= sizeof text) return nvm_host_fail(call, "print: %zu bytes are too many", size);
    if (!nvm_memory_read(nvm_host_memory(call), (uint32_t)args[0].of.i32, text, size))
        return nvm_host_fail(call, "print: the text is outside the memory");
    printf("%.*s\n", (int)size, text);
    ++*calls;
    return NVM_OK;
}

static void fail(const char *what, const nvm_error *error)
{
    fprintf(stderr, "%s: %s\n", what, error->message);
    exit(1);
}

static nvm_instance *load(nvm_store *store, nvm_module *module, int *calls)
{
    nvm_error error;
    nvm_imports *imports;
    nvm_instance *instance;
    if (nvm_imports_new(store, &imports, &error) != NVM_OK ||
        nvm_imports_host(imports, "host", "print", "i32 i32", print, calls, &error) != NVM_OK ||
        nvm_instance_new(store, module, imports, &instance, NULL, &error) != NVM_OK)
        fail("instance", &error);
    return instance;
}

static void greet(nvm_store *store, nvm_instance *instance, const char *name)
{
    nvm_error error;
    nvm_value length = nvm_i32((int32_t)strlen(name)), result;
    nvm_memory *memory = nvm_instance_memory(instance, "memory");
    nvm_func *function = nvm_instance_func(instance, "greet");
    nvm_memory_write(memory, 7, name, strlen(name));
    if (nvm_call(store, function, &length, 1, &result, 1, NULL, &error) == NVM_OK)
        printf("%d characters\n", (int)result.of.i32);
    else printf("greet failed: %s\n", error.message);
}

static void divide_by_zero(nvm_store *store, nvm_instance *instance)
{
    char text[1024];
    nvm_trap trap;
    nvm_value args[] = {nvm_i32(10), nvm_i32(0)}, result;
    nvm_func *average = nvm_instance_func(instance, "average");
    if (nvm_call(store, average, args, 2, &result, 1, &trap, NULL) != NVM_TRAP) return;
    nvm_trap_text(&trap, text, sizeof text);
    printf("%s\n", text);
}

static void *interrupt(void *store)
{
    usleep(20000);
    nvm_store_interrupt(store);
    return NULL;
}

static void run_forever(nvm_store *store, nvm_instance *instance)
{
    pthread_t thread;
    nvm_trap trap;
    nvm_func *forever = nvm_instance_func(instance, "forever");
    nvm_store_set_fuel(store, 1000000);
    nvm_call(store, forever, NULL, 0, NULL, 0, &trap, NULL);
    printf("%s with %s fuel left\n", trap.message, nvm_store_fuel(store) < 10 ? "no" : "some");
    nvm_store_set_fuel(store, UINT64_MAX);
    if (pthread_create(&thread, NULL, interrupt, store) != 0) exit(1);
    nvm_call(store, forever, NULL, 0, NULL, 0, &trap, NULL);
    printf("%s\n", trap.message);
    pthread_join(thread, NULL);
}

int main(void)
{
    nvm_error error;
    nvm_module *module;
    nvm_store *store;
    nvm_schedule fuel;
    int calls = 0;
    nvm_config *config = nvm_config_new();
    if (!config) return 1;
    nvm_schedule_fuel(&fuel);
    nvm_config_set_schedule(config, &fuel);
    nvm_config_set_interruptible(config, true);
    if (nvm_module_new_text(config, program, strlen(program), &module, &error) != NVM_OK) fail("module", &error);
    if (nvm_store_new(NULL, &store, &error) != NVM_OK) fail("store", &error);
    nvm_instance *instance = load(store, module, &calls);
    greet(store, instance, "world");
    greet(store, instance, "a name that is longer than what the host function is willing to print");
    divide_by_zero(store, instance);
    run_forever(store, instance);
    printf("print was called %d time\n", calls);
    nvm_store_free(store);
    nvm_module_free(module);
    nvm_config_free(config);
    return 0;
}
