"""What must work of a deployment as a whole, tried from outside, in half a minute.

With ENV=smoke the deployment is that of `docker-compose.smoke.yml`, seen from a container beside
it; otherwise processes of this checkout, on the services of the tests.
"""
