/* For tests of the public interface: modules from text for a chosen dispatcher, and what belongs to one of them. The tests
 * themselves use nvm.h alone; only the choice of the dispatcher, which nvm.h does not offer, looks behind it. */
#ifndef TESTS_API_FIXTURE_H
#define TESTS_API_FIXTURE_H

#include "api/api.h"
#include "tests/test.h"

static enum dispatcher api_dispatcher;

static inline nvm_config *api_config(void)
{
    nvm_config *config = nvm_config_new();
    if (CHECK(config != NULL)) config->vm.dispatcher = api_dispatcher;
    return config;
}

/* Frees the configuration. */
static inline nvm_module *api_load_with(nvm_config *config, const char *text)
{
    nvm_module *m = NULL;
    nvm_error error = {.message = ""};
    if (!CHECK(nvm_module_new_text(config, text, strlen(text), &m, &error) == NVM_OK)) printf("%s\n", error.message);
    nvm_config_free(config);
    return m;
}

static inline nvm_module *api_load(const char *text)
{
    return api_load_with(api_config(), text);
}

static inline nvm_store *api_store(void)
{
    nvm_store *s = NULL;
    CHECK(nvm_store_new(NULL, &s, NULL) == NVM_OK);
    return s;
}

static inline nvm_imports *api_imports(nvm_store *s)
{
    nvm_imports *imports = NULL;
    CHECK(nvm_imports_new(s, &imports, NULL) == NVM_OK);
    return imports;
}

/* Runs `tests` with every dispatcher that was built in. */
static inline void api_each_dispatcher(void (*tests)(void))
{
    static const enum dispatcher all[] = {DISPATCH_PORTABLE, DISPATCH_TAIL};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        api_dispatcher = all[i];
        if (!dispatcher_available(all[i])) {
            test_skip("dispatcher tail", "not built with this compiler");
            continue;
        }
        printf("%s\n", dispatcher_name(all[i]));
        tests();
    }
}

#endif
